"""Sign-in, sessions, people cared for, the yearly check, my data, erasing."""
