using UniqueRandom.Client.Models;
using UniqueRandom.Server.Commands;
using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Terminal;

/// <summary>Finds out whether a number was drawn, or a code was issued.</summary>
internal static class LookupCommand
{
    public static Verb Create()
    {
        var pool = Inputs.Pool();
        var sought = Inputs.NumberOrCode();
        var asNumber = Inputs.Flag("--number", "Looks up a number of a pool with codes.");
        return ServerVerb.Create(
            "lookup",
            "Finds out whether a number was drawn, or a code was issued, when, and under which reference.",
            """
            UniqueRandom.Server lookup raffle 4711
            UniqueRandom.Server lookup vouchers xmas-7k3qn-0vb2m-n
            """,
            [pool, sought, asNumber, Output.Json],
            async session =>
            {
                var (name, text) = (session.Get(pool), session.Get(sought));
                return session.Get(asNumber) || (await session.GetPoolAsync(name)).Code is null
                    ? await LookUpNumberAsync(session, name, text)
                    : await LookUpCodeAsync(session, name, text);
            });
    }

    private static async Task<int> LookUpNumberAsync(Session session, string pool, string text)
    {
        if (Settings.ParseInteger(text, long.MinValue, long.MaxValue) is not { } number)
        {
            throw new TerminalException(
                ExitCodes.BadInput, $"'{text}' must be an integer, unless it is a code of a pool with codes.");
        }

        var status = await session.CallAsync(
            cancellationToken => session.Client.GetNumberAsync(pool, number, cancellationToken));
        session.Output.Write(status, TerminalJson.Default.NumberStatus, Views.Details);
        return status.IsDrawn ? ExitCodes.Done : ExitCodes.No;
    }

    private static async Task<int> LookUpCodeAsync(Session session, string pool, string text)
    {
        CodeStatus status;
        try
        {
            status = await session.CallAsync(cancellationToken => session.Client.GetCodeAsync(pool, text, cancellationToken));
        }
        catch (ArgumentException error)
        {
            throw new TerminalException(ExitCodes.BadInput, $"'{text}' is not a code of the pool '{pool}'.", error);
        }

        session.Output.Write(status, TerminalJson.Default.CodeStatus, Views.Details);
        return status.IsIssued ? ExitCodes.Done : ExitCodes.No;
    }
}
