-- Builds the requests of wrk and prints its results in one line. Without arguments it sends a plain GET.
-- Arguments: the method; which Idempotency-Key (none, fresh, same); the key, or the start of the fresh keys; the number of
-- requests, or 0 for no limit; the body, which can be empty.

local first = 100000000000 -- All fresh keys are equally long.

local count, last, prefix, suffix
local constant
local built

function init(args)
  local method, keys, key, limit, body = args[1], args[2], args[3], tonumber(args[4]), args[5]
  if not method then
    request = nil -- wrk sends the same request each time without a call.
    return
  end

  wrk.method = method
  if body ~= "" then
    wrk.body = body
    wrk.headers["Content-Type"] = "application/json"
  end

  local plain = wrk.format()
  wrk.headers["Idempotency-Key"] = key
  local keyed = wrk.format()
  local _, to = keyed:find(key, 1, true)
  count, prefix, suffix = first, keyed:sub(1, to), keyed:sub(to + 1)
  last = limit > 0 and first + limit or nil
  if keys == "none" then
    constant = plain
  elseif keys == "same" then
    constant = keyed
  elseif keys ~= "fresh" then
    error("keys must be none, fresh or same, not " .. tostring(keys))
  end
end

-- A key is built for each request, even if it is not sent: wrk shares the cores with the server and must cost the same each time.
function request()
  count = count + 1
  if count == last then
    -- wrk has no option for a number of requests. It stops at SIGINT and prints its results. os.execute would block the signal.
    -- One signal can be taken by this thread, and the main thread sleeps on.
    io.popen("while kill -INT $PPID; do sleep 0.1; done 2>/dev/null &")
  end
  built = prefix .. count .. suffix
  return constant or built
end

-- Requests a second, p50 and p99 in milliseconds, requests, failures.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("%.17g %.17g %.17g %d %d\n", summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, summary.requests, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
