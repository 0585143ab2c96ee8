"""The queue, decisions, appeals, reports, removal, and hiding a member."""
