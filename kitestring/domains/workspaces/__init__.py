"""Who works here and what each may do: people, roles, permissions, invitations, and the record of every change."""
