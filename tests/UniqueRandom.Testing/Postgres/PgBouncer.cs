using System.Diagnostics;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Testing.Postgres;

/// <summary>PgBouncer in session mode before a server, with the settings of its package otherwise.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private static readonly string? Program =
        new[] { "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer" }.FirstOrDefault(File.Exists);

    private readonly TemporaryDirectory directory = new();
    private ChildProcess? process;

    private PgBouncer()
    {
    }

    public int Port { get; } = LoopbackPort.Take();

    /// <summary>Starts PgBouncer, and waits until it serves. Skips the test where it is not installed.</summary>
    /// <param name="port">The port of the server.</param>
    public static async Task<PgBouncer> StartAsync(int port)
    {
        Assert.SkipUnless(Program is not null, "PgBouncer is not installed (apt-get install pgbouncer).");
        var pooler = new PgBouncer();
        try
        {
            await pooler.LaunchAsync(port);
            return pooler;
        }
        catch
        {
            await pooler.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        directory.Dispose();
    }

    private async Task LaunchAsync(int port)
    {
        var settings = directory.File("pgbouncer.ini");
        await File.WriteAllTextAsync(settings, $"""
            [databases]
            * = host=127.0.0.1 port={port} user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {Port}
            unix_socket_dir =
            auth_type = any
            pool_mode = session
            """);
        // It refuses to run as root, too.
        await Command.RunAsync("chmod", "a+x", directory.Path);
        string[] user = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            : [];
        string[] command = [.. user, Program!, settings];
        process = new ChildProcess(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/" });
        await process.LineAsync(process.Errors, "process up");
    }
}
