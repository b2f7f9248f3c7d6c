-- One request again and again, for wrk. Arguments: method, what Idempotency-Key it has (none, fresh, same), the key or the beginning
-- of all fresh ones, and the body if there is one.

local first = 100000000000 -- So that all keys are equally long.

local count, beginning, middle, ending
local constant
local built

function init(args)
  local method, keys, key, body = args[1], args[2], args[3], args[4]
  wrk.method = method
  if body then
    wrk.body = body
    wrk.headers["Content-Type"] = "application/json"
  end

  local plain = wrk.format()
  wrk.headers["Idempotency-Key"] = key
  local keyed = wrk.format()
  local from, to = keyed:find(key, 1, true)
  count, beginning, middle, ending = first, keyed:sub(1, from - 1), key, keyed:sub(to + 1)
  if keys == "none" then
    constant = plain
  elseif keys == "same" then
    constant = keyed
  elseif keys ~= "fresh" then
    error("keys are none, fresh or same, and not " .. tostring(keys))
  end
end

-- Without a fresh key the same string is built and left: wrk shares the cores with the server, and must not be faster with one than the other.
function request()
  count = count + 1
  built = beginning .. middle .. count .. ending
  return constant or built
end
