using UniqueRandom.Pools;
using UniqueRandom.Server.Events;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Server.Tests.Events;

public sealed class PoolChangesTests
{
    private readonly PoolChanges changes = new();
    private readonly List<(long From, long To)> drawn = [];

    [Fact]
    public void Imported_numbers_do_not_count_as_draws_when_their_pool_opens()
    {
        var definition = new PoolDefinition("p", new PoolRange(1, 100));
        var commitment = Commitment.To(Seeds.Zero, definition.Range);
        var seeding = new Pool(definition, PoolState.Seeding, 0, commitment, DateTimeOffset.UnixEpoch);
        Update(seeding);
        Update(seeding with { State = PoolState.Open, Cursor = 40 });
        Assert.Empty(drawn);
        Update(seeding with { State = PoolState.Open, Cursor = 41 });
        Assert.Equal([(40, 41)], drawn);
    }

    private void Update(Pool pool) => Assert.True(changes.Update([pool], (after, before) => drawn.Add((before, after.Cursor))));
}
