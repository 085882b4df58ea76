"""What the product publishes, declared as data: datasets, measures, categories, partnerships, licences, words."""
