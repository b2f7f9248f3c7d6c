/*
 * Two nodes draw from two PostgreSQL servers. Checks that no number is answered twice, that no answered draw is lost, and that a
 * key is one draw. DESIGN.md explains the rules; -DWITHOUT=LOCK removes one.
 *
 * There are three draws: one with a key, which clients repeat without end, through both nodes and for two pools, and two without
 * a key from the first pool. Each step is atomic, and may never be taken. So a standby that is away, a commit that hangs, and a
 * node that is slow need no steps of their own: without them, the steps that they delay are still possible at any later time.
 *
 * What else is left out, and why no error is lost:
 * - Batches. A transaction records all draws of a batch or none, so each of them behaves as if it were alone.
 * - What changes nothing that is stored: a search without a draw, a rollback, a refusal.
 * - The lock of a commit whose node has left. It only delays others. Here its row is visible at once, as after a cancel.
 * - A COMMIT that arrives after its node has left. It still holds the lock, so it could as well have arrived before.
 * - The answer to a node between the end of COMMIT and the answer to the client. The answer changes nothing on the servers.
 * - Sessions. A node may have an old one on each primary that has not been restarted, and uses it without a search.
 * - With --require-sync-standby, how nodes choose a primary, synchronous_standby_names, and whether a server is up. A node may
 *   draw from each primary, each COMMIT may return at any time, and a crash is a restart.
 *
 * What is assumed:
 * - A search reads both servers at one moment, and the settings that are read after a COMMIT are those that it had.
 * - Without --require-sync-standby, the operator keeps the rules FENCING and PROMOTION. They allow a mistake that all nodes
 *   notice: each of them has drawn from a newer timeline, or has acknowledged a row that the server lacks.
 */

/* The rules; see DESIGN.md. */
#define WARNING 1
#define SETTINGS 2
#define CONFIRMATION 4
#define DOUBT 8
#define REPLAY 16
#define LOCK 32
#define COMPARISON 64
#define LOOKUP 128
#define INDEX 256
#define TIMELINE 512
#define TIE 1024
#define NEWEST 2048
#define ACKNOWLEDGED 4096
#define VERIFICATION 8192
#define FENCING 16384
#define PROMOTION 32768
#ifndef WITHOUT
#define WITHOUT 0
#endif
#define RULE(x) (((WITHOUT) & (x)) == 0)

/* The draws; 0 is none. ELSEWHERE has the key of KEYED, and names the second pool. */
#define KEYED 1
#define ELSEWHERE 2
#define FIRST 3
#define SECOND 4

typedef Server {
  bit up;
  bit primary;
  bit alone;            /* synchronous_standby_names is empty. */
  unsigned timeline : 2;
  unsigned length : 3;  /* How many rows its log has. */
  unsigned synced : 3;  /* How many of them survive a crash. */
  unsigned log : 12     /* For each draw, 3 bits: the number of its row, from 1; 0 for none. */
}

typedef Node {
  unsigned draw : 3;    /* The draw in progress. */
  bit on;               /* The server of that draw. */
  unsigned position : 2;
  bit replay;
  bit sent;             /* Whether its transaction is recorded. */
  bit found;            /* Whether the node has found a server and is not connected yet. */
  unsigned newest : 2;  /* The highest timeline that it has drawn from. */
  unsigned known : 3    /* The last draw from the first pool that it has acknowledged. */
}

/* Server 0 is the one that goes on. A promotion exchanges the servers, unless it is a mistake of the operator. */
Server server[2];
Node node[2];
bit required;           /* Whether --require-sync-standby is set. */
bit hasFirst, hasSecond;
unsigned answers : 8;   /* For each draw, 2 bits: the position that was answered, from 1; 0 for none. */
short spare;

#define POOL(x) ((x) == ELSEWHERE)
#define HAS_KEY(x) ((x) <= ELSEWHERE)
#define OTHER(x) (KEYED + ELSEWHERE - (x))
#define ROW(s, x) ((server[s].log >> (3 * ((x) - 1))) & 7)
#define HAS(s, x) (ROW(s, x) != 0)
#define PLACE(s, x) (POOL(x) -> 1 : ROW(s, x) - (HAS(s, ELSEWHERE) && ROW(s, ELSEWHERE) < ROW(s, x)))
#define CURSOR(s, x) (POOL(x) -> HAS(s, ELSEWHERE) : server[s].length - HAS(s, ELSEWHERE))
#define ANSWER(x) ((answers >> (2 * ((x) - 1))) & 3)
#define IS_PRIMARY(s) (server[s].up && server[s].primary)
#define IS_CONFIRMED(s, row) ((s) == 0 && !server[1].primary && server[1].length >= (row))

#define HAS_ANSWERED(s, x) (HAS(s, x) && PLACE(s, x) == ANSWER(x))
#define KEEPS_ONE(s, x) (ANSWER(x) == 0 || HAS_ANSWERED(s, x) && ROW(s, x) <= server[s].synced)
#define KEEPS(s) (KEEPS_ONE(s, KEYED) && KEEPS_ONE(s, ELSEWHERE) && KEEPS_ONE(s, FIRST) && KEEPS_ONE(s, SECOND))

/* With --require-sync-standby either server may be the primary from now on. */
inline CheckThatNoDrawIsLost() {
  assert(KEEPS(0) && (!required || KEEPS(1)))
}

inline CheckThatNoNumberIsRepeated(x, place) {
  assert(POOL(x) || (x == KEYED || ANSWER(KEYED) != place) && (x == FIRST || ANSWER(FIRST) != place) &&
    (x == SECOND || ANSWER(SECOND) != place))
}

inline CheckThatKeyIsOneDraw(x, place) {
  assert(!HAS_KEY(x) || ANSWER(OTHER(x)) == 0 && (ANSWER(x) == 0 || ANSWER(x) == place))
}

#define LACKS(s, n) (node[n].known != 0 && !HAS_ANSWERED(s, node[n].known))
#define NOTICES(n, t) (node[n].newest > (t) || LACKS(1, n))

#include "nodes.pml"
#include "servers.pml"

#define EACH_DRAW(step, n, s) step(n, s, KEYED) :: step(n, s, ELSEWHERE) :: step(n, s, FIRST) :: step(n, s, SECOND)

init {
  d_step {
    server[0].up = 1; server[0].primary = 1; server[0].timeline = 1;
    server[1].up = 1; server[1].timeline = 1
  }
  if
  :: required = 1
  :: required = 0
  fi;
end:
  do
  :: EACH_DRAW(Begin, 0, 0) :: EACH_DRAW(Begin, 0, 1) :: EACH_DRAW(Begin, 1, 0) :: EACH_DRAW(Begin, 1, 1)
  :: Commit(0, 0) :: Commit(0, 1) :: Commit(1, 0) :: Commit(1, 1)
  :: Return(0) :: Return(1) :: Cancel(0) :: Cancel(1) :: Lose(0) :: Lose(1) :: Restart(0) :: Restart(1)
  :: Find(0, 0) :: Find(0, 1) :: Find(1, 0) :: Find(1, 1)
  :: Kill(0) :: Kill(1) :: Start(0) :: Start(1) :: StartAlone()
  :: Stream() :: Sync(0) :: Sync(1) :: CommitAlone(0) :: CommitAlone(1) :: CommitTogether()
  :: Promote() :: PromoteBehind() :: PromoteAgain() :: Rejoin(0) :: Rejoin(1)
  od
}
