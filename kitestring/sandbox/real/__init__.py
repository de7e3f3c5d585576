"""Real servers on loopback: a whole Bluesky network and a WordPress, started for a test run or the demo and thrown away.

    with BlueskyNetwork() as network:            # kitestring.sandbox.real.bluesky
        did, password = network.create_account("an.test", "an@example.test", "a long password")
    with WordPressSite() as site:                # kitestring.sandbox.real.wordpress
        comment = site.add_comment(post_id, "Is it open on Sunday?")

Both raise `Absent` (with the reason and the cure) where their packages are not installed and cannot be, and
`ServerFailed` (with the end of the server's log) where they are but do not work. docs/contributors/real-servers.md.
"""
