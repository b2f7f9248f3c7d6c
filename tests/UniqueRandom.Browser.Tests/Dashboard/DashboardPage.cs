using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>The dashboard in a browser profile of its own.</summary>
internal sealed class DashboardPage : IAsyncDisposable
{
    /// <summary>Makes violations of the Content-Security-Policy faults, whether the browser reports them or not.</summary>
    private const string ReportViolations = """
        addEventListener('securitypolicyviolation', event =>
            console.error(`violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
        """;

    private readonly IBrowserContext context;
    private readonly string address;

    private DashboardPage(IBrowserContext context, string address)
    {
        (this.context, this.address) = (context, address);
        Watch = new PageWatch(context);
    }

    public PageWatch Watch { get; }

    /// <summary>The first tab.</summary>
    public IPage Page { get; private set; } = null!;

    /// <summary>Opens the list of pools, or another view.</summary>
    public static async Task<DashboardPage> OpenAsync(Chromium chromium, Uri address, string view = "")
    {
        var context = await chromium.NewContextAsync(new() { Locale = "en-US" });
        await context.AddInitScriptAsync(ReportViolations);
        var dashboard = new DashboardPage(context, address.ToString());
        dashboard.Page = await dashboard.OpenTabAsync(view);
        return dashboard;
    }

    /// <summary>Opens the page of a pool.</summary>
    public static Task<DashboardPage> OpenPoolAsync(Chromium chromium, Uri address, string pool) =>
        OpenAsync(chromium, address, $"#/pools/{pool}");

    public async Task<IPage> OpenTabAsync(string view = "") => (await context.OpenAsync(address + view)).Page;

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
