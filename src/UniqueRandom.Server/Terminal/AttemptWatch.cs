namespace UniqueRandom.Server.Terminal;

/// <summary>Tells the user why the program waits: the reason of an attempt that failed, once for each reason.</summary>
/// <param name="url">The address of the server.</param>
/// <param name="timeout">How long the program tries.</param>
internal sealed class AttemptWatch(Uri url, TimeSpan timeout)
{
    public TimeSpan Timeout => timeout;

    /// <summary>Gets why the last attempt failed; null if none did.</summary>
    public string? Reason { get; private set; }

    /// <summary>Gets or sets whether the server may have the request.</summary>
    public bool MayHaveArrived { get; set; }

    /// <summary>Says that the server is silent, unless the user knows more.</summary>
    public void Wait()
    {
        if (Reason is null)
            Console.Error.WriteLine($"Waiting for {url}, for {timeout.TotalSeconds} s at most.");
    }

    public void Failed(string reason, bool mayHaveArrived)
    {
        MayHaveArrived |= mayHaveArrived;
        if (Reason == reason)
            return;
        Reason = reason;
        Console.Error.WriteLine($"{url}: {reason.TrimEnd('.')}. Trying for {timeout.TotalSeconds} s.");
    }
}
