"""What command line and session share: where a project's parts are, how they are opened, and how both print."""
