FROM scratch AS contexts
