FROM scratch
ENV BASE=/opt PATH=$PATH:/opt/bin
