using UniqueRandom.Client.Models;
using UniqueRandom.Server.Commands;

namespace UniqueRandom.Server.Terminal;

/// <summary>Closes a pool after a question.</summary>
internal static class CloseCommand
{
    public static Verb Create()
    {
        var pool = Inputs.Pool();
        var yes = Inputs.Flag("--yes", "Does not ask.");
        return ServerVerb.Create(
            "close",
            "Closes a pool permanently and reveals its seed.",
            "UniqueRandom.Server close raffle",
            [pool, yes, Output.Json],
            async session =>
            {
                var name = session.Get(pool);
                if (!session.Get(yes))
                    await ConfirmAsync(await session.GetPoolAsync(name), yes.Name, session.CancellationToken);
                var status = await session.CallAsync(
                    cancellationToken => session.Client.ClosePoolAsync(name, cancellationToken),
                    " The pool may be closed. Repeat the command to find out.");
                session.Output.Write(status, TerminalJson.Default.PoolStatus, Views.Details);
                return ExitCodes.Done;
            });
    }

    private static async Task ConfirmAsync(PoolStatus pool, string yes, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
        {
            throw new TerminalException(
                ExitCodes.BadInput, $"A closed pool can't be opened again. Use {yes} to close '{pool.Pool}' without a question.");
        }

        var question = $"Close the pool '{pool.Pool}' permanently, with {pool.Remaining:N0} numbers left?";
        if (!await Question.AskAsync(question, cancellationToken))
            throw new TerminalException(ExitCodes.No, "Nothing was changed.");
    }
}
