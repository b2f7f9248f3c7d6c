// The worker that all tabs of a browser share.

import { serve } from "./hub.js";

self.onconnect = event => serve(event.ports[0]);
