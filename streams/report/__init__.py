"""Reports: pages of HTML with figures and plots that open anywhere, without a network."""
