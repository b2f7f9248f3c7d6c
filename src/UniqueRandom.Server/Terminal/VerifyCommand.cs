using System.Text.Json;
using UniqueRandom.Audit;
using UniqueRandom.Client.Models;
using UniqueRandom.Pools;
using UniqueRandom.Server.Commands;
using ClientDraw = UniqueRandom.Client.Models.LoggedDraw;
using PoolState = UniqueRandom.Client.Models.PoolState;

namespace UniqueRandom.Server.Terminal;

/// <summary>Checks the draw log of a closed or exhausted pool against the order of its seed.</summary>
internal static class VerifyCommand
{
    public static Verb Create()
    {
        var pool = Inputs.Pool();
        var commitment = Inputs.Text(
            "--commitment",
            "The commitment that was published before the first draw; of an extended pool those of its segments, with commas "
                + "between them. Default: the ones that the server shows.",
            "DIGITS",
            text => text.Split(',').All(part => part.Length == 2 * Commitment.Length && part.All(char.IsAsciiHexDigit)),
            $"must have {2 * Commitment.Length} hexadecimal digits");
        return ServerVerb.Create(
            "verify",
            "Checks that the draws of a closed or exhausted pool follow the order of its seed.",
            "UniqueRandom.Server verify raffle --commitment 47b59e2c4fd1b1cc3ba3a8a8d1b5c3a3f9a2d53b0b6f2a7f1f0f6f7d6a3c9e51",
            [pool, commitment, Output.Json],
            async session =>
            {
                var status = await session.GetPoolAsync(session.Get(pool));
                var finding = await CheckAsync(session, status, session.Get(commitment));
                session.Output.Write(finding, TerminalJson.Default.AuditFinding, Views.Finding);
                return finding.Holds ? ExitCodes.Done : ExitCodes.No;
            });
    }

    private static async Task<AuditFinding> CheckAsync(Session session, PoolStatus status, string? commitment)
    {
        if (status.Seed is null)
        {
            throw new TerminalException(ExitCodes.Refused, status.State is PoolState.Closed or PoolState.Exhausted
                ? $"The seed of the pool '{status.Pool}' gives away its codes. Use an access key with the role admin."
                : $"The pool '{status.Pool}' is open. Close it first; that reveals its seed.");
        }

        try
        {
            if (status.Order.ToCore() is null || status.Segments?.Any(segment => segment.Order.ToCore() is null) == true)
            {
                throw new InvalidDataException(
                    $"The pool '{status.Pool}' has an order that this program does not know. Use the same version as the "
                    + "server.");
            }

            var json = JsonSerializer.Serialize(status, TerminalJson.Default.PoolStatus);
            var audited = ExportedStatus.Read(json, status.Pool, commitment);
            return await session.Output.TrackAsync("Verifying", status.Drawn, reached => Task.Run(() =>
            {
                var lines = session.ReadDrawLogAsync(status.Pool, null, reached).ToBlockingEnumerable().Select(ToExported);
                return OrderAudit.Check(audited, lines, session.CancellationToken);
            }));
        }
        catch (Exception error) when (error is InvalidDataException or InsufficientMemoryException)
        {
            throw new TerminalException(ExitCodes.BadInput, error.Message, error);
        }
    }

    private static ExportedLine ToExported(ClientDraw draw, int index) => new()
    {
        Line = index + 1,
        First = draw.First,
        Count = draw.Numbers.Count,
        Numbers = [.. draw.Numbers],
        Codes = draw.Codes is null ? null : [.. draw.Codes],
    };
}
