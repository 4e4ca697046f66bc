jump 1 done
inc 1 1
done:
