#!/bin/sh
# Stands in for the browser's executable: notes the process id (of the group's leader), so that
# guard.js can end the whole group, then becomes the browser.
echo $$ >"$WATERTIGHT_FOLDER/pid"
exec "$WATERTIGHT_BROWSER" "$@"
