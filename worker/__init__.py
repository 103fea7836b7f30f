"""What time does: unanswered messages, uncertain sends, drafts and erasures. One process at a time, by a lease."""
