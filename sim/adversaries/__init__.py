"""Who misbehaves, safely: templates, operators and campaigns."""
