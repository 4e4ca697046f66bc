; nothing here
# nor here

   ;;; 
