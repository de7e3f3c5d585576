"""What the doctor looks at, a file a subject. A check reads and never changes anything."""
