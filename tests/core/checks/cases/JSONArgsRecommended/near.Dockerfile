FROM scratch
SHELL ["/bin/bash", "-c"]
CMD run --now
