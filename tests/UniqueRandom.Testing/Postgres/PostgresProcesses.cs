using System.Diagnostics;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Testing.Postgres;

/// <summary>
/// Signals all processes of a server at once. Written in shell, so that the guard that cleans up after a killed test process can
/// run the same code.
/// </summary>
internal static class PostgresProcesses
{
    /// <summary>
    /// Of each function, the last parameter is a server's directory. The postmaster is stopped first, so that it has no further
    /// child; and only signalled while its command line names the directory, because its id may belong to another process by now.
    /// A killed server leaves a segment of shared memory behind, whose id is in the seventh line of its lock file. The lock goes
    /// too: PostgreSQL heeds it for as long as process 1 has not buried the dead, which takes some of them seconds.
    /// </summary>
    private const string Script = """
        command_of() { { tr '\0' ' ' 2>/dev/null </proc/"$1"/cmdline || ps -o args= -p "$1"; } 2>/dev/null; }
        is_running() { kill -0 "$1" 2>/dev/null && ! grep -qs '^State:.*Z' /proc/"$1"/status; }
        signal() {
          processes=$(head -n 1 "$2/data/postmaster.pid" 2>/dev/null)
          command_of "${processes:-0}" | grep -qF "$2/data" || { processes=; return 0; }
          kill -STOP "$processes"
          processes="$processes $(cat /proc/"$processes"/task/*/children 2>/dev/null || pgrep -P "$processes")"
          kill -s "$1" $processes 2>/dev/null || true
        }
        freeze() { signal STOP "$1"; }
        thaw() { signal CONT "$1"; }
        crash() {
          signal KILL "$1"
          for process in $processes; do
            turns=0
            while is_running "$process" && [ $((turns += 1)) -lt 1000 ]; do sleep 0.01; done
          done
          memory=$(sed -n '7s/.* //p' "$1/data/postmaster.pid" 2>/dev/null)
          [ -z "$memory" ] || ipcrm -m "$memory" 2>/dev/null
          rm -f "$1/data/postmaster.pid"
        }
        wipe() { crash "$1"; rm -rf "$1/data"; }
        remove() { crash "$1"; rm -rf "$1"; }
        guard() {
          trap '' HUP INT TERM
          while read -r directory; do set -- "$@" "$directory"; done
          for directory; do remove "$directory"; done
        }
        "$@"
        """;

    private static readonly Lazy<StreamWriter> Guard = new(StartGuard);

    public static Task FreezeAsync(string directory) => RunAsync("freeze", directory);

    public static Task ThawAsync(string directory) => RunAsync("thaw", directory);

    /// <summary>Kills all processes with SIGKILL at once, and waits until they are gone.</summary>
    public static Task CrashAsync(string directory) => RunAsync("crash", directory);

    /// <summary>Kills the server, and removes its data.</summary>
    public static Task WipeAsync(string directory) => RunAsync("wipe", directory);

    /// <summary>Kills the server, and removes its directory.</summary>
    public static Task RemoveAsync(string directory) => RunAsync("remove", directory);

    /// <summary>
    /// Removes the server when this process ends in any way: the kernel then closes the guard's input.
    /// </summary>
    public static void Watch(string directory)
    {
        lock (Guard)
            Guard.Value.WriteLine(directory);
    }

    private static Task<string> RunAsync(string function, string directory) =>
        Command.RunAsync("sh", "-c", Script, "sh", function, directory);

    private static StreamWriter StartGuard()
    {
        var start = new ProcessStartInfo(
            "sh", ["-c", Script, "sh", "guard"])
        { RedirectStandardInput = true, WorkingDirectory = "/" };
        var input = Process.Start(start)!.StandardInput;
        input.AutoFlush = true;
        return input;
    }
}
