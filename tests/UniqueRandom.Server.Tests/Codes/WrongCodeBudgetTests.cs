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
            Assert.True(await budget.TakeAsync(TestContext.Current.CancellationToken));
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
        Assert.True(await budget.TakeAsync(TestContext.Current.CancellationToken));
        var second = budget.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        var third = budget.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(second.IsCompleted);

        budget.Release(isWrong: false);
        Assert.True(await second);
        Assert.False(third.IsCompleted);
        budget.Release(isWrong: true);
        Assert.False(await third);
        Assert.False(await budget.TakeAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Look_ups_at_once_decide_no_more_wrong_codes_than_the_limit()
    {
        var budget = new WrongCodeBudget(20, time);
        var wrong = 0;
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(number => Task.Run(async () =>
        {
            if (!await budget.TakeAsync(TestContext.Current.CancellationToken))
                return;
            await Task.Yield();
            if (number % 2 == 0)
                Interlocked.Increment(ref wrong);
            budget.Release(isWrong: number % 2 == 0);
        })));
        Assert.Equal(20, wrong);
    }

    [Fact]
    public async Task A_look_up_whose_caller_hangs_up_does_not_wait_any_more_and_has_no_place()
    {
        var budget = new WrongCodeBudget(1, time);
        Assert.True(await budget.TakeAsync(TestContext.Current.CancellationToken));
        using var hungUp = new CancellationTokenSource();
        var (second, third) = (
            budget.TakeAsync(hungUp.Token).AsTask(), budget.TakeAsync(TestContext.Current.CancellationToken).AsTask());
        await hungUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => budget.TakeAsync(hungUp.Token).AsTask());

        budget.Release(isWrong: false);
        Assert.True(await third);
        budget.Release(isWrong: false);
        Assert.Equal(1, await CountWrongAsync(budget));
    }

    [Fact]
    public async Task No_place_is_lost_when_callers_hang_up_while_they_get_one()
    {
        for (var run = 0; run < 50; run++)
        {
            var budget = new WrongCodeBudget(3, time);
            var (held, most, answered) = (0, 0, 0);
            await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Task.Run(async () =>
            {
                using var hungUp = new CancellationTokenSource();
                var place = budget.TakeAsync(hungUp.Token).AsTask();
                var end = number % 2 == 0 ? Task.Run(hungUp.Cancel) : Task.CompletedTask;
                try
                {
                    Assert.True(await place);
                    InterlockedMax(ref most, Interlocked.Increment(ref held));
                    await Task.Yield();
                    Interlocked.Increment(ref answered);
                    Interlocked.Decrement(ref held);
                    budget.Release(isWrong: false);
                }
                catch (OperationCanceledException) when (number % 2 == 0)
                {
                }

                await end;
            }))).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Assert.InRange(most, 1, 3);
            Assert.InRange(answered, 100, 200);
            Assert.Equal(3, await CountWrongAsync(budget));
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var known = Volatile.Read(ref most); known < value;)
            known = Interlocked.CompareExchange(ref most, value, known);
    }

    private static async Task<int> CountWrongAsync(WrongCodeBudget budget)
    {
        for (var count = 0; ; count++)
        {
            if (!await budget.TakeAsync(TestContext.Current.CancellationToken))
                return count;
            budget.Release(isWrong: true);
        }
    }
}
