from scratch as base
