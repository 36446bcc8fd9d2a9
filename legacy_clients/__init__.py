"""The original genre demo, kept: a Flask-RESTful server and a Tkinter client."""
