using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Server.Codes;

namespace UniqueRandom.Server.Tests.Codes;

/// <summary>The places of look-ups whose codes may be wrong.</summary>
public sealed class WrongCodeBudgetTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task Wrong_codes_use_places_up_and_right_ones_do_not()
    {
        var budget = new WrongCodeBudget(3, time);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(await budget.TakeAsync());
            budget.Release(isWrong: false);
        }

        Assert.Equal(3, await CountWrongAsync(budget));
        time.Advance(TimeSpan.FromSeconds(19));
        Assert.Equal(0, await CountWrongAsync(budget));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await CountWrongAsync(budget));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(3, await CountWrongAsync(budget));
    }

    [Fact]
    public async Task A_look_up_waits_for_the_last_place_and_is_refused_if_it_is_used_up()
    {
        var budget = new WrongCodeBudget(1, time);
        Assert.True(await budget.TakeAsync());
        var (second, third) = (budget.TakeAsync().AsTask(), budget.TakeAsync().AsTask());
        Assert.False(second.IsCompleted);

        budget.Release(isWrong: false);
        Assert.True(await second);
        Assert.False(third.IsCompleted);
        budget.Release(isWrong: true);
        Assert.False(await third);
        Assert.False(await budget.TakeAsync());
    }

    [Fact]
    public async Task Look_ups_at_once_decide_no_more_wrong_codes_than_the_limit()
    {
        var budget = new WrongCodeBudget(20, time);
        var wrong = 0;
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(number => Task.Run(async () =>
        {
            if (!await budget.TakeAsync())
                return;
            await Task.Yield();
            if (number % 2 == 0)
                Interlocked.Increment(ref wrong);
            budget.Release(isWrong: number % 2 == 0);
        })));
        Assert.Equal(20, wrong);
    }

    private static async Task<int> CountWrongAsync(WrongCodeBudget budget)
    {
        for (var count = 0; ; count++)
        {
            if (!await budget.TakeAsync())
                return count;
            budget.Release(isWrong: true);
        }
    }
}
