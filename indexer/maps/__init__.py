"""The joint space to look at: pictures of it, and a report of what lies near what."""
