using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace UniqueRandom.Browser.Tests.Browsing;

/// <summary>
/// The faults of all pages of a context: errors and warnings on the console, exceptions of scripts, and requests that failed.
/// A GET that the page itself canceled is not a fault.
/// </summary>
internal sealed class PageWatch
{
    private readonly ConcurrentQueue<string> faults = [];

    public PageWatch(IBrowserContext context)
    {
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                faults.Enqueue($"{message.Type}: {message.Text}");
        };
        context.WebError += (_, error) => faults.Enqueue($"exception: {error.Error}");
        context.RequestFailed += (_, request) =>
        {
            // A view that is left cancels what it is reading.
            if (request is not { Method: "GET", Failure: "net::ERR_ABORTED" })
                faults.Enqueue($"failed: {request.Method} {request.Url} {request.Failure}");
        };
    }

    public IReadOnlyCollection<string> Faults => faults;

    /// <summary>Verifies that there were these faults, one or more times, and no others.</summary>
    public void AssertOnly(params IEnumerable<string> expected) => Assert.Equal(expected.Order(), faults.Distinct().Order());

    /// <summary>Verifies that there was no fault.</summary>
    public void AssertNone() => Assert.True(faults.IsEmpty, $"The page has faults:\n{string.Join('\n', faults)}");
}
