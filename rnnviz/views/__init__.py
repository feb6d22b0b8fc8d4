"""Floor 5: Qt painting; each view draws a trace and knows no engine."""
