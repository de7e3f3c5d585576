"""The soak: real processes, a real PostgreSQL, real sockets and real kill -9, against a platform that goes wrong by plan."""
