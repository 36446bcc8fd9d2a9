"""The served page from outside: how soon it is there, and how it bears many visitors."""
