from csp_data.catalogue.statuses import notice


def test_only_a_published_release_needs_no_notice():
    assert notice("published") == ""
    assert notice("demonstration") == (
        "Demonstration data: synthetic, calibrated to published totals; ward boundaries approximate"
    )
    assert "not for publication" in notice("candidate")


def test_a_status_nobody_declared_is_never_taken_for_published():
    assert notice("final-final") == "Release of unknown status 'final-final': do not use"
