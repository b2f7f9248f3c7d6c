using System.Diagnostics;

namespace UniqueRandom.Testing.Time;

/// <summary>Waits for conditions that another process fulfills.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"Waited longer than {Patience.TotalSeconds} s until {what}.");
            await Task.Delay(10);
        }
    }
}
