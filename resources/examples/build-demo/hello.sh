#!/bin/sh
# Greets in a box. The words come from the image's environment.
set -eu

. /app/src/banner.sh

banner "${APP_GREETING:-hello}" "built by Cooperage"
