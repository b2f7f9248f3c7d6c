using System.Reflection;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Tests.Health;

/// <summary>
/// A store that can only be checked. The check does what the test says, because a real one can't be made to hang or to throw
/// anything.
/// </summary>
public class CheckedStore : DispatchProxy
{
    private int checks;

    /// <summary>What the check of a number does, counted from 1.</summary>
    private Action<int> Check { get; set; } = null!;

    /// <summary>How many checks were started.</summary>
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
