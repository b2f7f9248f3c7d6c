/* What nodes do. */

#define ON node[n].on
#define DRAW node[n].draw

inline Leave(n) {
  DRAW = 0; ON = 0; node[n].position = 0; node[n].replay = 0; node[n].sent = 0; node[n].found = 0
}

inline Answer(n, x) {
  CheckThatNoNumberIsRepeated(x, node[n].position + 1);
  CheckThatKeyIsOneDraw(x, node[n].position + 1);
  answers = answers | ((node[n].position + 1) << (2 * (x - 1)));
  node[n].known = (required || node[n].replay || POOL(x) -> node[n].known : x);
  CheckThatNoDrawIsLost();
  Leave(n)
}

#define IS_NEWER(s) (!IS_PRIMARY(1 - (s)) || !RULE(TIMELINE) || server[s].timeline > server[1 - (s)].timeline || \
  !RULE(TIE) && server[s].timeline == server[1 - (s)].timeline)
#define ACCEPTS(n, s) (IS_PRIMARY(s) && IS_NEWER(s) && (!RULE(NEWEST) || server[s].timeline >= node[n].newest) && \
  (!RULE(ACKNOWLEDGED) || !LACKS(s, n)))
/* A server that was restarted to commit alone has no old sessions. */
#define MAY_USE(n, s) (IS_PRIMARY(s) && (required || s == 0 || !server[1].alone || ACCEPTS(n, s) || \
  node[n].found && node[n].on == s))

/* Finds a server, and connects to it later. With the verification, that is the same as finding it later. */
inline Find(n, s) {
  d_step {
    !RULE(VERIFICATION) && !required && DRAW == 0 && !node[n].found && ACCEPTS(n, s) ->
    node[n].found = 1; ON = s
  }
}

/* A row is hidden while its COMMIT waits. */
#define IS_IN_POOL(n, s, x) (node[n].draw != 0 && node[n].on == s && POOL(node[n].draw) == POOL(x))
#define HIDES(n) (node[n].sent && !node[n].replay)
#define SEES(n, s, x) (HAS(s, x) && !(HIDES(1 - n) && node[1 - n].on == s && node[1 - n].draw == (x)))
#define IS_REPLAY(n, s, x) (RULE(LOOKUP) && HAS_KEY(x) && SEES(n, s, x))
#define IS_CONFLICT(n, s, x) (RULE(LOOKUP) && HAS_KEY(x) && SEES(n, s, OTHER(x)))
#define IS_LEFT(x) ((x != FIRST || !hasFirst) && (x != SECOND || hasFirst && !hasSecond))

/* Locks the pool, reads its cursor, and looks the key up. */
inline Begin(n, s, x) {
  d_step {
    DRAW == 0 && MAY_USE(n, s) && !(RULE(LOCK) && IS_IN_POOL(1 - n, s, x)) && IS_LEFT(x) &&
      !IS_CONFLICT(n, s, x) && (IS_REPLAY(n, s, x) || CURSOR(s, x) < (POOL(x) -> 1 : 3)) ->
    node[n].replay = IS_REPLAY(n, s, x);
    node[n].position = (IS_REPLAY(n, s, x) -> PLACE(s, x) - 1 : CURSOR(s, x) - (IS_IN_POOL(1 - n, s, x) && HIDES(1 - n)));
    DRAW = x; ON = s; node[n].found = 0;
    node[n].newest = (!required && server[s].timeline > node[n].newest -> server[s].timeline : node[n].newest);
    hasFirst = hasFirst || x == FIRST; hasSecond = hasSecond || x == SECOND;
    if
    :: node[n].replay && !RULE(REPLAY) -> Answer(n, x)
    :: else
    fi
  }
}

/* The unique index lets the second of two transactions wait for the first one, and then fail. */
#define CAN_WRITE(n) (server[ON].length < 4 && (!RULE(COMPARISON) || CURSOR(ON, DRAW) == node[n].position) && \
  !(RULE(INDEX) && HAS_KEY(DRAW) && (HAS(ON, KEYED) || HAS(ON, ELSEWHERE))))
/* Without its lock, a replay writes nothing that COMMIT could wait for. */
#define WAITS(n) (!node[n].replay || RULE(LOCK))

/* Records the transaction. With weak settings, COMMIT returns before it is synced, and without a wait for the standby. */
inline Commit(n, is_weak) {
  d_step {
    DRAW != 0 && !node[n].sent && (node[n].replay || CAN_WRITE(n)) ->
    node[n].sent = 1;
    if
    :: node[n].replay
    :: else -> server[ON].length++; server[ON].log = server[ON].log | (server[ON].length << (3 * (DRAW - 1)))
    fi;
    server[ON].synced = (is_weak || !WAITS(n) -> server[ON].synced : server[ON].length);
    if
    :: is_weak && RULE(SETTINGS) -> Leave(n)
    :: !(is_weak && RULE(SETTINGS)) && (is_weak || !WAITS(n)) && !required -> Answer(n, DRAW)
    :: else
    fi
  }
}

/* The standby must have what the primary has synced when COMMIT has returned; later rows don't matter. */
#define REACHED(n) (ROW(ON, DRAW) < server[ON].synced -> ROW(ON, DRAW) : server[ON].synced)
#define LASTS(n) (required -> !RULE(CONFIRMATION) || IS_CONFIRMED(ON, REACHED(n)) : \
  server[ON].alone || IS_CONFIRMED(ON, ROW(ON, DRAW)))
inline Return(n) {
  d_step { node[n].sent && LASTS(n) -> Answer(n, DRAW) }
}

/* The wait for the standby is canceled. With the warning, that is the same as a lost answer. */
inline Cancel(n) {
  d_step { node[n].sent && !required && !RULE(WARNING) -> Answer(n, DRAW) }
}

/* The connection or the client is lost, the deadline is over, or the node is killed. */
inline Lose(n) {
  d_step {
    DRAW != 0 ->
    if
    :: node[n].sent && !RULE(DOUBT) -> Answer(n, DRAW)
    :: else -> Leave(n)
    fi
  }
}

/* Forgets what the node has noticed. A node that starts while only the old primary can be seen is a mistake. */
inline Restart(n) {
  d_step {
    !required && !(RULE(FENCING) && IS_PRIMARY(1) && server[1].alone &&
      (!server[0].up || server[1].timeline > server[0].timeline)) ->
    Leave(n); node[n].newest = 0; node[n].known = 0
  }
}
