using System.Reflection;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Tests.Health;

/// <summary>A store of which only the check can be called, and does what the test says: real ones can't be made to hang or to throw anything.</summary>
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
