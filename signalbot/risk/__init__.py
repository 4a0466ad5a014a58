"""The risk desk: what a plan costs, how large it may be, and when the answer is no. Pure."""
