using System.Reflection;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Tests.Health;

/// <summary>
/// A store that can only be checked. The test provides the check, because a real one can't be made to hang or to throw
/// anything.
/// </summary>
public class CheckedStore : DispatchProxy
{
    private int checks;

    /// <summary>The action of each check, which receives the number of the check starting at 1.</summary>
    private Action<int> Check { get; set; } = null!;

    /// <summary>The count of checks that were started.</summary>
    public int Checks => Volatile.Read(ref checks);

    public static (IPoolStore Store, CheckedStore Control) Create(Action<int> check)
    {
        var store = Create<IPoolStore, CheckedStore>();
        var control = (CheckedStore)store;
        control.Check = check;
        return (store, control);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod?.Name != nameof(IPoolStore.CheckAsync))
            throw new NotSupportedException($"{targetMethod} is not part of the test.");
        Check(Interlocked.Increment(ref checks));
        return ValueTask.CompletedTask;
    }
}
