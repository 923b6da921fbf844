FROM scratch
ENV GREETING="good morning"
