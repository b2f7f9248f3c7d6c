namespace UniqueRandom.Server.Tests.Faults;

/// <summary>Fills the queue of a server whose disk hangs.</summary>
internal static class FullQueue
{
    /// <summary>
    /// Sends draws until the queue is full. A queue that is full before the commit that hangs has taken its draws has room again
    /// after that: so more draws must wait than the queue holds, and then two must be refused.
    /// </summary>
    /// <param name="capacity">How many draws the queue holds.</param>
    /// <param name="send">Sends a draw.</param>
    /// <param name="assertRefused">Verifies the answer to a refused draw.</param>
    /// <returns>The draws that wait.</returns>
    public static async Task<List<Task<T>>> FillAsync<T>(int capacity, Func<Task<Task<T>>> send, Action<T> assertRefused)
    {
        var draws = new List<Task<T>>();
        for (var refused = 0; refused < 2;)
        {
            var draw = await send();
            await Task.WhenAny(Task.Delay(100, TestContext.Current.CancellationToken), draw);
            await RemoveRefusedAsync(draws, assertRefused);
            refused = draw.IsCompleted && draws.Count > capacity ? refused + 1 : 0;
            draws.Add(draw);
        }

        await RemoveRefusedAsync(draws, assertRefused);
        return draws;
    }

    /// <summary>Removes the draws that were refused, some of them late on a busy machine.</summary>
    public static async Task RemoveRefusedAsync<T>(List<Task<T>> draws, Action<T> assertRefused)
    {
        foreach (var refused in draws.FindAll(draw => draw.IsCompleted))
        {
            assertRefused(await refused);
            draws.Remove(refused);
        }
    }
}
