"""Reports: the plan of a batch, its run, the pages that come out, and the guards on published notebooks."""
