using UniqueRandom.Storage.Tests.Sqlite;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>Base class of tests on a queue, on a SQLite store or on one whose commits the test controls.</summary>
public abstract class DrawQueueTestBase : SqliteStoreTestBase
{
    private protected readonly ControlledStore controlled;

    protected DrawQueueTestBase(long size)
        : base(size) => controlled = new ControlledStore(store);
}
