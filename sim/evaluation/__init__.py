"""What a log of slates says about policies: off-policy estimates, A/B and interleaving read-outs, exposure."""
