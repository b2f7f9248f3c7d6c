namespace UniqueRandom.Server.Commands;

/// <summary>Asks the user at a terminal.</summary>
internal static class Question
{
    /// <summary>Asks a question on stderr.</summary>
    /// <returns>Whether the answer is yes.</returns>
    public static async Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync($"{question} [y/N] ");
        // The terminal can't be read with a token.
        var answer = await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        return answer?.Trim() is "y" or "Y" or "yes";
    }
}
