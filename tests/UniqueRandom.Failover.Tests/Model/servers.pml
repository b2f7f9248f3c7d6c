/* What the servers and their operator do. */

/* Whether a primary that must not be drawn from is the only one, or the newest one, and a node does not notice it. */
#define MISLEADS(is_up, t) (RULE(FENCING) && (!(is_up) || (t) > server[0].timeline) && !(NOTICES(0, t) && NOTICES(1, t)))

inline Disconnect(n, s) {
  if
  :: node[n].draw != 0 && node[n].on == s -> Leave(n)
  :: else
  fi
}

inline Trim(s, x) {
  server[s].log = (ROW(s, x) > server[s].synced -> server[s].log & ~(7 << (3 * (x - 1))) : server[s].log)
}

inline LoseTail(s) {
  server[s].length = server[s].synced; Trim(s, KEYED); Trim(s, ELSEWHERE); Trim(s, FIRST); Trim(s, SECOND)
}

#define SWAP(field) spare = server[0].field; server[0].field = server[1].field; server[1].field = spare
inline Exchange() {
  SWAP(up); SWAP(primary); SWAP(alone); SWAP(timeline); SWAP(length); SWAP(synced); SWAP(log); spare = 0;
  node[0].on = (node[0].draw != 0 || node[0].found -> 1 - node[0].on : 0);
  node[1].on = (node[1].draw != 0 || node[1].found -> 1 - node[1].on : 0)
}

/* Server 1 has no effect while it is a standby that is down. */
inline Kill(s) {
  d_step {
    IS_PRIMARY(s) && (s == 1 || required || !IS_PRIMARY(1) || !server[1].alone || !MISLEADS(0, server[1].timeline)) ->
    server[s].up = required;
    server[s].alone = server[s].alone && s == 0;
    LoseTail(s); Disconnect(0, s); Disconnect(1, s);
    CheckThatNoDrawIsLost()
  }
}

inline Start(s) {
  d_step { !server[s].up -> server[s].up = 1 }
}

/* The old primary returns as a primary, with other settings. */
inline StartAlone() {
  d_step {
    !server[1].up && !MISLEADS(server[0].up, server[1].timeline) ->
    server[1].up = 1; server[1].alone = 1
  }
}

inline Copy(x) {
  server[1].log = (ROW(0, x) == server[1].length -> server[1].log | (ROW(0, x) << (3 * (x - 1))) : server[1].log)
}

/* The standby receives the next row and syncs it. Rows are sent when they are synced. */
inline Stream() {
  d_step {
    server[0].up && !server[1].primary && server[1].length < server[0].synced ->
    server[1].length++; server[1].synced = server[1].length;
    Copy(KEYED); Copy(ELSEWHERE); Copy(FIRST); Copy(SECOND)
  }
}

inline Sync(s) {
  d_step { server[s].synced < server[s].length -> server[s].synced = server[s].length }
}

/* The old primary may be down, or run on. */
inline Promote() {
  d_step {
    !server[1].primary && (required || !server[0].alone || !RULE(PROMOTION)) ->
    server[1].primary = 1;
    if
    :: required
    :: else -> server[1].timeline++; Exchange()
    fi;
    CheckThatNoDrawIsLost()
  }
}

/* A standby is promoted although it lacks what the primary has committed alone. */
inline PromoteBehind() {
  d_step {
    !required && !server[1].primary && server[0].alone && LACKS(1, 0) && LACKS(1, 1) ->
    server[1].primary = 1; server[1].alone = 1; server[1].timeline++
  }
}

/* The old primary is started as a standby of no one, and is promoted, too. */
inline PromoteAgain() {
  d_step {
    !server[1].up && server[1].timeline < 3 && !MISLEADS(server[0].up, server[1].timeline + 1) ->
    server[1].up = 1; server[1].alone = 1; server[1].timeline++
  }
}

/* A primary becomes the standby of the other one. Timelines count from the last time that both servers had the same one. */
inline Rejoin(is_zero) {
  d_step {
    server[1].primary && server[0].up && (required || !is_zero) ->
    if
    :: is_zero -> Exchange()
    :: else
    fi;
    Disconnect(0, 1); Disconnect(1, 1);
    server[1].up = 1; server[1].primary = 0; server[1].alone = 0;
    server[1].synced = server[0].synced; server[1].log = server[0].log; LoseTail(1);
    server[0].timeline = 1; server[1].timeline = 1; node[0].newest = 0; node[1].newest = 0;
    CheckThatNoDrawIsLost()
  }
}

inline CommitAlone(s) {
  d_step {
    !required && IS_PRIMARY(s) && !server[s].alone && (s == 0 || !RULE(FENCING)) -> server[s].alone = 1
  }
}

/* The standby may be promoted again when it has everything. */
inline CommitTogether() {
  d_step { server[0].up && server[0].alone && IS_CONFIRMED(0, server[0].length) -> server[0].alone = 0 }
}
