"""The wards of the demonstration: real names and codes, and roughly where each lies.

A ward here is a *sketch*: ``seeds`` are places inside it (longitude, latitude, to about 100 metres), typed in from
general knowledge, and ``councillors`` is the number it elects, which says how large it is, because wards of a council
have about the same number of electors a councillor. ``places`` grows whole 2011 LSOAs round the seeds. The result is
good enough to look right on a map and is never to be read as the boundary of a ward.
"""

from dataclasses import dataclass

Place = tuple[float, float]


@dataclass(frozen=True)
class WardSketch:
    """A ward: its ONS code and name, how many councillors it elects and some places in it."""

    code: str
    name: str
    councillors: int
    seeds: tuple[Place, ...]


def _ward(code: str, name: str, councillors: int, *seeds: Place) -> WardSketch:
    return WardSketch(code, name, councillors, seeds)


MEDWAY_2003 = (
    _ward("E05002249", "Chatham Central", 3, (0.528, 51.377), (0.520, 51.371)),
    _ward("E05002250", "Cuxton and Halling", 1, (0.457, 51.374), (0.444, 51.353)),
    _ward("E05002251", "Gillingham North", 3, (0.554, 51.391), (0.567, 51.392)),
    _ward("E05002252", "Gillingham South", 3, (0.546, 51.383), (0.551, 51.378)),
    _ward("E05002253", "Hempstead and Wigmore", 2, (0.574, 51.350), (0.582, 51.346)),
    _ward("E05002254", "Lordswood and Capstone", 2, (0.544, 51.338), (0.555, 51.355)),
    _ward("E05002255", "Luton and Wayfield", 3, (0.541, 51.371), (0.529, 51.361)),
    _ward("E05002256", "Peninsula", 3, (0.563, 51.421), (0.550, 51.450), (0.640, 51.460), (0.715, 51.459)),
    _ward("E05002257", "Princes Park", 2, (0.533, 51.355), (0.537, 51.350)),
    _ward("E05002258", "Rainham Central", 3, (0.597, 51.361), (0.612, 51.358)),
    _ward("E05002259", "Rainham North", 2, (0.605, 51.372), (0.618, 51.370)),
    _ward("E05002260", "Rainham South", 3, (0.600, 51.351), (0.618, 51.353)),
    _ward("E05002261", "River", 2, (0.538, 51.402), (0.536, 51.391), (0.520, 51.385)),
    _ward("E05002262", "Rochester East", 2, (0.507, 51.383), (0.508, 51.377)),
    _ward("E05002263", "Rochester South and Horsted", 3, (0.508, 51.366), (0.517, 51.357)),
    _ward("E05002264", "Rochester West", 2, (0.498, 51.385), (0.490, 51.377)),
    _ward("E05002265", "Strood North", 3, (0.488, 51.402), (0.498, 51.401)),
    _ward("E05002266", "Strood Rural", 3, (0.512, 51.411), (0.498, 51.432), (0.498, 51.460)),
    _ward("E05002267", "Strood South", 3, (0.482, 51.392), (0.490, 51.392), (0.473, 51.391)),
    _ward("E05002268", "Twydall", 3, (0.583, 51.378), (0.572, 51.377)),
    _ward("E05002269", "Walderslade", 2, (0.524, 51.346), (0.520, 51.350)),
    _ward("E05002270", "Watling", 2, (0.561, 51.371), (0.563, 51.377)),
)

MEDWAY_2023 = (
    _ward("E05014449", "All Saints", 1, (0.640, 51.465), (0.715, 51.459)),
    _ward("E05014450", "Chatham Central & Brompton", 3, (0.530, 51.381), (0.541, 51.391)),
    _ward("E05014451", "Cuxton, Halling & Riverside", 2, (0.457, 51.374), (0.444, 51.353), (0.490, 51.389)),
    _ward("E05014452", "Fort Horsted", 1, (0.512, 51.356)),
    _ward("E05014453", "Fort Pitt", 3, (0.515, 51.383), (0.517, 51.373)),
    _ward("E05014454", "Gillingham North", 3, (0.556, 51.391), (0.567, 51.391)),
    _ward("E05014455", "Gillingham South", 3, (0.547, 51.384), (0.553, 51.380)),
    _ward("E05014456", "Hempstead & Wigmore", 2, (0.574, 51.350), (0.581, 51.346)),
    _ward("E05014457", "Hoo St Werburgh & High Halstow", 3, (0.563, 51.421), (0.556, 51.448)),
    _ward("E05014458", "Lordswood & Walderslade", 3, (0.544, 51.338), (0.530, 51.345)),
    _ward("E05014459", "Luton", 2, (0.543, 51.373), (0.539, 51.370)),
    _ward("E05014460", "Princes Park", 2, (0.539, 51.355), (0.538, 51.350)),
    _ward("E05014461", "Rainham North", 3, (0.605, 51.371), (0.618, 51.369)),
    _ward("E05014462", "Rainham South East", 3, (0.600, 51.350), (0.618, 51.353)),
    _ward("E05014463", "Rainham South West", 2, (0.592, 51.361), (0.602, 51.360)),
    _ward("E05014464", "Rochester East & Warren Wood", 3, (0.506, 51.380), (0.506, 51.367)),
    _ward("E05014465", "Rochester West & Borstal", 3, (0.498, 51.385), (0.488, 51.376)),
    _ward("E05014466", "St Mary's Island", 1, (0.542, 51.406)),
    _ward("E05014467", "Strood North & Frindsbury", 3, (0.487, 51.402), (0.500, 51.399)),
    _ward("E05014468", "Strood Rural", 3, (0.512, 51.411), (0.498, 51.432), (0.498, 51.460)),
    _ward("E05014469", "Strood West", 3, (0.474, 51.393), (0.481, 51.394)),
    _ward("E05014470", "Twydall", 2, (0.583, 51.378), (0.577, 51.380)),
    _ward("E05014471", "Watling", 3, (0.563, 51.372), (0.567, 51.366)),
    _ward("E05014472", "Wayfield & Weeds Wood", 2, (0.527, 51.362), (0.522, 51.353)),
)

MAIDSTONE_2002 = (
    _ward("E05004982", "Allington", 3, (0.497, 51.289)),
    _ward("E05004983", "Barming and Teston", 1, (0.463, 51.260)),
    _ward("E05004984", "Bearsted", 3, (0.576, 51.270)),
    _ward("E05004985", "Boughton Monchelsea and Chart Sutton", 1, (0.535, 51.227), (0.575, 51.209)),
    _ward("E05004986", "Boxley", 3, (0.550, 51.283), (0.543, 51.302), (0.553, 51.329)),
    _ward("E05004987", "Bridge", 2, (0.507, 51.279)),
    _ward("E05004989", "Detling and Thurnham", 1, (0.575, 51.292), (0.600, 51.300)),
    _ward("E05004990", "Downswood and Otham", 1, (0.568, 51.262), (0.575, 51.252)),
    _ward("E05004991", "East", 3, (0.541, 51.280)),
    _ward("E05004992", "Fant", 3, (0.504, 51.266)),
    _ward("E05004993", "Harrietsham and Lenham", 2, (0.672, 51.242), (0.719, 51.236)),
    _ward("E05004994", "Headcorn", 2, (0.627, 51.169), (0.645, 51.208)),
    _ward("E05004995", "Heath", 2, (0.489, 51.272)),
    _ward("E05004996", "High Street", 3, (0.523, 51.272)),
    _ward("E05004997", "Leeds", 1, (0.615, 51.246)),
    _ward("E05004999", "Marden and Yalding", 3, (0.494, 51.174), (0.430, 51.225)),
    _ward("E05005000", "North", 3, (0.521, 51.287)),
    _ward("E05005001", "North Downs", 1, (0.660, 51.280), (0.650, 51.315)),
    _ward("E05005002", "Park Wood", 2, (0.549, 51.243)),
    _ward("E05005003", "Shepway North", 3, (0.536, 51.260)),
    _ward("E05005004", "Shepway South", 2, (0.548, 51.252)),
    _ward("E05005006", "Staplehurst", 2, (0.553, 51.160)),
    _ward("E05005007", "Sutton Valence and Langley", 1, (0.592, 51.215), (0.583, 51.238)),
    _ward("E05008553", "Coxheath and Hunton", 3, (0.494, 51.234), (0.467, 51.220)),
    _ward("E05008554", "Loose", 1, (0.519, 51.240)),
    _ward("E05008555", "South", 3, (0.517, 51.255)),
)

MAIDSTONE_2024 = (
    _ward("E05015593", "Allington & Bridge", 2, (0.500, 51.288)),
    _ward("E05015594", "Barming Heath & Teston", 2, (0.463, 51.260), (0.483, 51.269)),
    _ward("E05015595", "Bearsted & Downswood", 3, (0.577, 51.270), (0.567, 51.263)),
    _ward("E05015596", "Boughton Monchelsea & Chart Sutton", 1, (0.535, 51.227), (0.575, 51.209)),
    _ward("E05015597", "Boxley Downs", 2, (0.543, 51.302), (0.553, 51.329), (0.600, 51.295)),
    _ward("E05015598", "Coxheath & Farleigh", 2, (0.494, 51.234), (0.480, 51.247)),
    _ward("E05015599", "Fant & Oakwood", 3, (0.506, 51.266), (0.495, 51.269)),
    _ward("E05015600", "Grove Green & Vinters Park", 3, (0.559, 51.279), (0.545, 51.280)),
    _ward("E05015601", "Harrietsham, Lenham & North Downs", 3, (0.672, 51.242), (0.719, 51.236), (0.640, 51.290)),
    _ward("E05015602", "Headcorn & Sutton Valence", 2, (0.627, 51.169), (0.592, 51.213)),
    _ward("E05015603", "High Street", 3, (0.523, 51.273)),
    _ward("E05015604", "Leeds & Langley", 2, (0.615, 51.246), (0.583, 51.240)),
    _ward("E05015605", "Loose & Linton", 2, (0.519, 51.243), (0.512, 51.222)),
    _ward("E05015606", "Marden & Yalding", 3, (0.494, 51.174), (0.430, 51.225)),
    _ward("E05015607", "Palace Wood", 2, (0.500, 51.281), (0.493, 51.280)),
    _ward("E05015608", "Park Wood & Mangravet", 2, (0.547, 51.243), (0.536, 51.250)),
    _ward("E05015609", "Penenden Heath", 3, (0.532, 51.288), (0.541, 51.287)),
    _ward("E05015610", "Ringlestone", 1, (0.517, 51.289)),
    _ward("E05015611", "Senacre", 1, (0.556, 51.251)),
    _ward("E05015612", "Shepway", 3, (0.540, 51.259)),
    _ward("E05015613", "Staplehurst", 2, (0.553, 51.160)),
    _ward("E05015614", "Tovil", 2, (0.516, 51.257)),
)
