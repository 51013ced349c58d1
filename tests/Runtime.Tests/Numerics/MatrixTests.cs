namespace Mlp.Runtime.Tests.Numerics;

public class MatrixTests
{
    [Fact]
    public void Transpose_IsRightForEverySize_AndLeavesPaddingAlone()
    {
        for (int rows = 1; rows <= 40; rows++)
        {
            for (int columns = 1; columns <= 40; columns++)
            {
                AssertTranspose(rows, columns, columns, rows);
                AssertTranspose(rows, columns, columns + 3, rows + 5);
            }
        }

        AssertTranspose(300, 100, 112, 304);
        AssertTranspose(0, 5, 5, 1);
    }

    private static void AssertTranspose(int rows, int columns, int sourceStride, int destinationStride)
    {
        // Exactly as long as allowed to be touched: what lies beyond the last row's columns is missing.
        float[] source = new float[Math.Max(((rows - 1) * sourceStride) + columns, 1)];
        for (int i = 0; i < source.Length; i++)
        {
            source[i] = i;
        }

        const float Untouched = -1f;
        float[] destination = new float[columns * destinationStride];
        Array.Fill(destination, Untouched);
        Matrix.Transpose(
            in source[0], (nuint)rows, (nuint)columns, (nuint)sourceStride, ref destination[0], (nuint)destinationStride);

        for (int c = 0; c < columns; c++)
        {
            for (int r = 0; r < destinationStride; r++)
            {
                float expected = r < rows ? source[(r * sourceStride) + c] : Untouched;
                if (destination[(c * destinationStride) + r] != expected)
                {
                    Assert.Fail($"[{rows} × {columns}]: element [{c}, {r}] is {destination[(c * destinationStride) + r]}, not {expected}");
                }
            }
        }
    }
}
